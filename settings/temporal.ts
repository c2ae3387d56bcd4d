import { loadClientConnectConfig } from '@temporalio/envconfig';
import { z } from 'zod';
import { about } from './reader.js';

/** How Temporal is reached: the variables of Temporal's own clients, and the task queue. */
export const temporalSettings = z
  .looseObject({
    TEMPORAL_ADDRESS: z
      .string()
      .optional()
      .register(about, { meaning: 'Host and port of the Temporal service.', default: '127.0.0.1:7233' }),
    TEMPORAL_NAMESPACE: z
      .string()
      .optional()
      .register(about, { meaning: 'Namespace in which the runs live.', default: 'default' }),
    TEMPORAL_API_KEY: z
      .string()
      .optional()
      .register(about, { meaning: 'API key, for Temporal Cloud; it switches TLS on.', secret: true }),
    TEMPORAL_TLS: z
      .string()
      .optional()
      .register(about, { meaning: '`true` or `false`: whether the connection uses TLS.' }),
    TEMPORAL_TLS_CLIENT_CERT_PATH: z
      .string()
      .optional()
      .register(about, { meaning: 'Client certificate; `TEMPORAL_TLS_CLIENT_CERT_DATA` takes its text instead.' }),
    TEMPORAL_TLS_CLIENT_KEY_PATH: z
      .string()
      .optional()
      .register(about, { meaning: 'Key of that certificate; `TEMPORAL_TLS_CLIENT_KEY_DATA` takes its text instead.' }),
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: z.string().optional().register(about, {
      meaning: 'Certificate of the authority that signed the server’s; `TEMPORAL_TLS_SERVER_CA_CERT_DATA` takes its text.',
    }),
    TEMPORAL_TLS_SERVER_NAME: z
      .string()
      .optional()
      .register(about, { meaning: 'Name in the server’s certificate, where it differs from the address.' }),
    TEMPORAL_TLS_DISABLE_HOST_VERIFICATION: z
      .string()
      .optional()
      .register(about, { meaning: '`true`: do not check the server’s certificate. For tests only.' }),
    TEMPORAL_CONFIG_FILE: z
      .string()
      .optional()
      .register(about, { meaning: 'Temporal’s own configuration file; variables win over it.' }),
    TEMPORAL_PROFILE: z.string().optional().register(about, { meaning: 'Profile in that file.', default: 'default' }),
    'TEMPORAL_GRPC_META_<NAME>': z
      .string()
      .optional()
      .register(about, { meaning: 'Header that is sent with every call of the Temporal service.' }),
    TENANTRY_TASK_QUEUE: z
      .string()
      .default('tenantry')
      .register(about, { meaning: 'Task queue that workers poll and on which runs are started.' }),
  })
  .transform((values, context) => {
    try {
      // it finds its configuration file by HOME or XDG_CONFIG_HOME, so it gets all variables
      const temporal = loadClientConnectConfig({ overrideEnvVars: values as Record<string, string> });
      return {
        temporal,
        address: temporal.connectionOptions.address ?? '127.0.0.1:7233',
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
