/**
 * Whose the known histories and the changes are, where #changes asks for a tenant: the deployment's,
 * like the watchlists. By the digest of the API key they would be lost with a new key.
 */
export const DEPLOYMENT = '0'.repeat(32);
