import { anyText, httpUrl, token } from './parsers.js';
import type { AreaSettings } from './setting.js';

/** How operators' tokens are verified; with neither secret nor JWKS the API is off. */
export interface OpsConfig {
  /** HS256. Secret. */
  readonly jwtSecret?: string;
  readonly jwksUrl?: string;
  readonly issuer?: string;
  readonly audience?: string;
  /** Dotted path of the claim that holds VIEWER, OPERATOR or ADMIN. */
  readonly roleClaim: string;
}

export const OPS_SETTINGS: AreaSettings<OpsConfig> = {
  jwtSecret: {
    name: 'OPS_JWT_SECRET',
    description:
      "Verifies operators' tokens for the GraphQL API (HS256); without it and without `OPS_JWKS_URL` the API is off, never open",
    example: 'a-long-random-text',
    secret: true,
    parse: anyText,
  },
  jwksUrl: {
    name: 'OPS_JWKS_URL',
    description: "Key set that verifies operators' tokens; needs `OPS_ISSUER` and `OPS_AUDIENCE`",
    example: 'https://id.example.com/.well-known/jwks.json',
    parse: httpUrl,
  },
  issuer: {
    name: 'OPS_ISSUER',
    description: "The `iss` of operators' tokens",
    example: 'https://id.example.com',
    parse: token,
  },
  audience: {
    name: 'OPS_AUDIENCE',
    description: "The `aud` of operators' tokens",
    example: 'securitytrails-relay',
    parse: token,
  },
  roleClaim: {
    name: 'OPS_ROLE_CLAIM',
    description: 'The claim (dotted path) with VIEWER, OPERATOR or ADMIN',
    example: 'realm_access.role',
    defaultText: 'role',
    parse: token,
  },
};
