import { TenantryError, type Remedy } from './errors.js';

interface Cause {
  /** Something is there, and it can be talked to. */
  answers?: true;
  /** In the words of gRPC for Node, of its TLS, and of the Rust client of the worker. */
  pattern: RegExp;
  problem: string;
  remedy: Remedy;
}

const start: Remedy = { do: 'startTemporal' };
const correct = (how: string): Remedy => ({ do: 'correctSettings', how });

const causes: readonly Cause[] = [
  { pattern: /ECONNREFUSED|ConnectionRefused/, problem: 'nothing listens there', remedy: start },
  {
    pattern: /Name resolution failed|ENOTFOUND|dns error/,
    problem: 'there is no host of that name',
    remedy: correct('Correct TEMPORAL_ADDRESS.'),
  },
  {
    pattern: /EHOSTUNREACH|ENETUNREACH|HostUnreachable|NetworkUnreachable/,
    problem: 'the network does not lead there',
    remedy: correct('Check the network and TEMPORAL_ADDRESS.'),
  },
  {
    answers: true,
    pattern: /wrong version number|InvalidContentType/,
    problem: 'it does not use TLS',
    remedy: correct('Set TEMPORAL_TLS=false, or correct TEMPORAL_ADDRESS. TEMPORAL_API_KEY switches TLS on.'),
  },
  {
    answers: true,
    pattern: /altnames|NotValidForName/,
    problem: 'its certificate is for another name',
    remedy: correct("Correct TEMPORAL_ADDRESS, or set TEMPORAL_TLS_SERVER_NAME to the certificate's name."),
  },
  {
    answers: true,
    pattern: /certificate has expired|\(Expired/,
    problem: 'its certificate has expired',
    remedy: correct("Renew the server's certificate; if it is valid, set this machine's clock."),
  },
  {
    answers: true,
    pattern: /certificate is not yet valid|NotValidYet/,
    problem: 'its certificate is not valid yet',
    remedy: correct("Set this machine's clock."),
  },
  {
    answers: true,
    pattern: /verify the first certificate|self.signed certificate|issuer certificate|UnknownIssuer|CaUsedAsEndEntity/,
    problem: 'its certificate is from an authority that this machine does not trust',
    remedy: correct("Set TEMPORAL_TLS_SERVER_CA_CERT_PATH to a file with that authority's certificate."),
  },
  {
    answers: true,
    pattern: /alert (certificate|bad cert|unknown ca|handshake)|alert: (Certificate|BadCert|UnknownCA|Handshake)/i,
    problem: 'it does not accept this client without the right certificate',
    remedy: correct('Set TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.'),
  },
  {
    pattern: /no start line|bad base64|DECODER routines|key values mismatch|PrivateKeyParse|CertificateParse/,
    problem: 'the certificate or the key of this client cannot be read',
    remedy: correct('Both must be PEM: TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH.'),
  },
  {
    answers: true,
    pattern: /UNAUTHENTICATED|PERMISSION_DENIED|valid authentication|permission to execute|unauthori[sz]ed/i,
    problem: 'it refuses the credentials',
    remedy: correct('Check TEMPORAL_API_KEY and TEMPORAL_NAMESPACE.'),
  },
];
const noAnswer: Cause = { pattern: /deadline|no answer within/i, problem: 'time is up', remedy: start };
const notTemporal: Omit<Cause, 'pattern'> = {
  answers: true,
  problem: 'something answers there, but not as Temporal does',
  remedy: correct('Correct TEMPORAL_ADDRESS; set TEMPORAL_TLS=true if the server wants TLS.'),
};

/** Temporal at this address cannot be used. The message has the cause in plain words, whichever client has failed. */
export function temporalUnreachable(address: string, error: unknown): TenantryError {
  const { answers, problem, remedy } = knownCause(error) ?? (matches(noAnswer, error) ? noAnswer : notTemporal);
  const what = answers ? `Temporal at ${address} cannot be used` : `Temporal does not answer at ${address}`;
  return new TenantryError('unavailable', `${what}: ${problem}.`, { remedies: [remedy] });
}

/** Whether trying again soon would fail in the same way. */
export function isLastingCause(error: unknown): boolean {
  return knownCause(error) !== undefined;
}

function knownCause(error: unknown): Cause | undefined {
  return causes.find((cause) => matches(cause, error));
}

function matches({ pattern }: Cause, error: unknown): boolean {
  const { message, cause } = error as Error;
  return pattern.test(message) || (cause instanceof Error && pattern.test(cause.message));
}
