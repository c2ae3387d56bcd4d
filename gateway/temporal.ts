import { Client, Connection, defaultGrpcRetryOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { GatewaySettings } from '../settings/gateway.js';
import { clientOptions } from '../vault/index.js';

/** A sender waits for the answer, so few tries in quick succession. */
const MOST_TRIES = 4;
const FIRST_PAUSE_MS = 100;
/** How long a connection that was lost stays so after Temporal is back, in milliseconds. */
const RECONNECT_MS = 1000;

/** A client that connects with its first call, and again by itself whenever Temporal was away. */
export function openTemporal({ temporal, address, namespace, keys }: GatewaySettings): Client {
  const retries = defaultGrpcRetryOptions({ maxAttempts: MOST_TRIES, initialIntervalMs: () => FIRST_PAUSE_MS });
  const connection = Connection.lazy({
    ...temporal.connectionOptions,
    address,
    interceptors: [makeGrpcRetryInterceptor(retries)],
    channelArgs: {
      'grpc.initial_reconnect_backoff_ms': RECONNECT_MS,
      'grpc.min_reconnect_backoff_ms': RECONNECT_MS,
      'grpc.max_reconnect_backoff_ms': RECONNECT_MS,
    },
  });
  return new Client({ connection, namespace, ...clientOptions(keys) });
}
