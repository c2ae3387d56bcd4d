import { lookup as lookUp, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';
import { fetchThrough } from '../../acronis/index.js';

/** What is in a private network, or is no address of one machine. */
export class PrivateAddress extends Error {
  override readonly name = 'PrivateAddress';
  readonly code = 'PRIVATE_ADDRESS';

  constructor() {
    super('the address is in a private network');
  }
}

/** True for an IP address that everybody on the internet can reach: not loopback, private, link-local or reserved. */
export function isPublic(ip: string): boolean {
  return ipaddr.isValid(ip) && ipaddr.process(ip).range() === 'unicast';
}

/**
 * A fetch for one address that reaches public networks only. A name is looked up once, and the connection goes to what was
 * checked. Behind a proxy only the proxy looks names up, so there it must refuse what is private.
 */
export function fetchPublic(address: string, proxy: string | undefined, resolve?: typeof lookUp): typeof fetch {
  const { hostname } = new URL(address);
  const ip = hostname.replace(/^\[(.*)\]$/, '$1');
  if (isIP(ip) !== 0 && !isPublic(ip))
    return async () => {
      throw new PrivateAddress();
    };
  if (proxy !== undefined) return fetchThrough(proxy);
  let dispatcher: Promise<object> | undefined;
  return async (input, init) =>
    await globalThis.fetch(input, { ...init, ...(await (dispatcher ??= checkingDispatcher(resolve))) });
}

async function checkingDispatcher(resolve?: typeof lookUp): Promise<object> {
  const { Agent } = await import('undici');
  return { dispatcher: new Agent({ connect: { lookup: lookupPublic(resolve) } }) };
}

/** The look-up of a connection. It fails when one address of the name is not public. */
function lookupPublic(resolve: typeof lookUp = lookUp): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error) return callback(error, '', 0);
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isPublic(address)))
        return callback(new PrivateAddress(), '', 0);
      if (options.all) return callback(null, addresses);
      callback(null, first.address, first.family);
    });
  };
}
