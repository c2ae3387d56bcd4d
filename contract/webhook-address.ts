const MOST_CHARACTERS = 2000;
const THIS_MACHINE = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Why nothing may be sent to an address; undefined when it can be used. Only https keeps what is sent from others, so
 * http is for this machine only. The problem never holds the address, because it may contain a token.
 */
export function webhookAddressProblem(address: string): string | undefined {
  if (address.length > MOST_CHARACTERS) return `must have at most ${MOST_CHARACTERS} characters`;
  if (!URL.canParse(address)) return 'must be an address such as https://hooks.example.com/path';
  const { protocol, hostname, username, password, hash } = new URL(address);
  if (protocol !== 'https:' && !(protocol === 'http:' && THIS_MACHINE.test(hostname)))
    return 'must begin with https://; http:// is only for 127.0.0.1';
  if (username !== '' || password !== '') return 'must have no login before the host: remove the part before the @';
  if (hash !== '') return 'must have no part that begins with #: it would not be sent';
  return undefined;
}

/** True for an address on the machine that sends. */
export function isThisMachine(address: string): boolean {
  return URL.canParse(address) && THIS_MACHINE.test(new URL(address).hostname);
}
