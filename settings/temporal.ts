import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { about, optionalText, readTrimmed } from './reader.js';

/** A name, an IPv4 address or one of IPv6 in brackets; without a port, Temporal's clients take theirs. */
const ADDRESS = /^([A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?$/;

const MOST_OF_PORTS = 65_535;

const SWITCHES = ['TEMPORAL_TLS', 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'];
const FILES = ['TEMPORAL_TLS_CLIENT_CERT_PATH', 'TEMPORAL_TLS_CLIENT_KEY_PATH', 'TEMPORAL_TLS_SERVER_CA_CERT_PATH'];

/** Temporal's own reader takes any word for "not said", and names no setting when a file is not there. */
function findTlsProblems(values: Record<string, unknown>, context: z.RefinementCtx): void {
  const report = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message });
  for (const name of SWITCHES) {
    const word = values[name];
    if (typeof word === 'string' && !/^(true|false|1|0)$/.test(word)) report(name, 'must be true or false');
  }
  for (const name of FILES) {
    const path = values[name];
    if (typeof path !== 'string' || path === '') continue;
    const reading = readTrimmed(path);
    if ('problem' in reading) report(name, reading.problem);
  }
}

/** How Temporal is reached: the variables of Temporal's own clients, and the task queue. */
export const temporalSettings = z
  .looseObject({
    TEMPORAL_ADDRESS: optionalText({ meaning: 'Host and port of the Temporal service.', default: '`127.0.0.1:7233`' }),
    TEMPORAL_NAMESPACE: optionalText({ meaning: 'Namespace in which the runs live.', default: '`default`' }),
    TEMPORAL_API_KEY: optionalText({ meaning: 'API key, for Temporal Cloud; it switches TLS on.', secret: true }),
    TEMPORAL_TLS: optionalText({ meaning: '`true` or `false`: whether the connection uses TLS.' }),
    TEMPORAL_TLS_CLIENT_CERT_PATH: optionalText({ meaning: 'File with the client certificate.' }),
    TEMPORAL_TLS_CLIENT_CERT_DATA: optionalText({ meaning: 'The certificate itself, instead of the file.' }),
    TEMPORAL_TLS_CLIENT_KEY_PATH: optionalText({ meaning: 'File with the key of the client certificate.' }),
    TEMPORAL_TLS_CLIENT_KEY_DATA: optionalText({ meaning: 'The key itself, instead of the file.', secret: true }),
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: optionalText({
      meaning: "File with the certificate of the authority that signed the server's certificate.",
    }),
    TEMPORAL_TLS_SERVER_CA_CERT_DATA: optionalText({ meaning: 'That certificate itself, instead of the file.' }),
    TEMPORAL_TLS_SERVER_NAME: optionalText({
      meaning: "Name in the server's certificate, where it differs from the address.",
    }),
    TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: optionalText({
      meaning: "`true`: do not check the server's certificate. For tests only.",
    }),
    TEMPORAL_CONFIG_FILE: optionalText({ meaning: "Temporal's own configuration file; variables win over it." }),
    TEMPORAL_PROFILE: optionalText({ meaning: 'Profile in that file.', default: '`default`' }),
    'TEMPORAL_GRPC_META_<NAME>': optionalText({
      meaning: 'Header that is sent with every call of the Temporal service.',
    }),
    TENANTRY_TASK_QUEUE: z
      .string()
      .default('tenantry')
      .register(about, { meaning: 'Task queue that workers poll and on which runs are started.' }),
  })
  .superRefine(findTlsProblems)
  .transform((values, context) => {
    try {
      // all variables: it finds its configuration file by HOME or XDG_CONFIG_HOME
      const temporal = loadClientConnectConfig({ overrideEnvVars: values as Record<string, string> });
      const { address = '127.0.0.1:7233' } = temporal.connectionOptions;
      if (!ADDRESS.test(address) || Number(/:(\d+)$/.exec(address)?.[1] ?? 1) > MOST_OF_PORTS) {
        const message = `must be host and port, such as temporal.example.com:7233, not ${JSON.stringify(address)}`;
        context.addIssue({ code: 'custom', path: ['TEMPORAL_ADDRESS'], message });
        return z.NEVER;
      }
      return {
        temporal,
        address,
        namespace: temporal.namespace ?? 'default',
        taskQueue: values.TENANTRY_TASK_QUEUE,
      };
    } catch (error) {
      const message = `these settings cannot be used: ${(error as Error).message}`;
      context.addIssue({ code: 'custom', path: ['TEMPORAL_…'], message });
      return z.NEVER;
    }
  })
  .meta({ title: 'Temporal' });
