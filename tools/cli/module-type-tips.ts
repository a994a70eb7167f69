/** What the tips depend on. */
interface TipsOrder {
  readonly url: string;
  readonly auth: 'rs256' | 'hs256' | 'bearer';
}

/** What an administrator reads beside the form, in Markdown. */
export function moduleTypeTips({ url, auth }: TipsOrder): string {
  return [
    'This module asks a relay that your organization runs, which asks SecurityTrails with your key.',
    '',
    `Before you start: the relay has to answer at \`${url}\` and be reachable from Cisco XDR`,
    '(formerly SecureX).',
    '',
    ...(auth === 'bearer' ? BEARER_STEPS : KEY_STEPS),
    '',
    'If the module shows an error:',
    '',
    ...(auth === 'bearer' ? BEARER_ERRORS : keyErrors(url)),
    '- **too many requests**: the monthly quota is used up, or the rate limit is; try again later.',
  ].join('\n');
}

const KEY_STEPS = [
  '1. Sign in to SecurityTrails and open **Account > Credentials**.',
  '2. Copy the API key.',
  '3. In the form, keep the **Module Name** or choose one that your analysts will recognize.',
  '4. Paste the key into **API key**.',
  '5. Leave **Pages per lookup** empty to read one page of 100 records a lookup. More pages cost',
  '   one API call each and take longer.',
  '6. Leave **Read every page** off unless your quota allows it.',
  '7. Click **Save**. The module checks the key at once.',
];

const BEARER_STEPS = [
  '1. Ask whoever runs the relay for a token. It carries the SecurityTrails API key, so treat it',
  '   like one.',
  '2. In the form, keep the **Module Name** or choose one that your analysts will recognize.',
  '3. Paste the token into **Authorization bearer token**, without the word Bearer.',
  '4. Click **Save**. The module checks the token at once.',
];

const BEARER_ERRORS = [
  '- **Authorization failed**: the token was not made with the SECRET_KEY that the relay has now;',
  '  ask for a new one.',
];

function keyErrors(url: string): string[] {
  return [
    '- **Wrong configuration-token-audience**: the relay does not list',
    `  \`${url}\` in its PUBLIC_URL.`,
    '- **Authorization failed**: SecurityTrails does not know the key; copy it again.',
  ];
}
