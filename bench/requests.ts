/** A whole HTTP/1.1 POST, ready to be written to a socket. */
export function postRequest(path: string, body: string, token?: string): string {
  const authorization = token === undefined ? '' : `authorization: Bearer ${token}\r\n`;
  return (
    `POST ${path} HTTP/1.1\r\nhost: relay.example.com\r\naccept: application/json\r\n` +
    `${authorization}content-type: application/json\r\n` +
    `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

/** A GET of the upstream's API. */
export function upstreamRequest(path: string, apiKey: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\napikey: ${apiKey}\r\n\r\n`;
}

/** An observe body. */
export function domainsBody(names: readonly string[]): string {
  return JSON.stringify(names.map((value) => ({ type: 'domain', value })));
}

/** One call as a client without haste makes it. @throws Error for another status than 200. */
export async function post(
  port: number,
  path: string,
  body: string,
  token?: string,
): Promise<Buffer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200) {
    throw new Error(`${path} answered ${response.status}`);
  }
  return Buffer.from(await response.arrayBuffer());
}
