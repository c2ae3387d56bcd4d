import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

/** `worker.js ADDRESS MS`: a worker whose steps only wait, as long as a call of the vendor takes. */
const [, , address = '', milliseconds = '0'] = process.argv;

Runtime.install({ logger: new DefaultLogger('ERROR') });
const connection = await NativeConnection.connect({ address });
const worker = await Worker.create({
  connection,
  taskQueue: 'bare-graph',
  workflowsPath: fileURLToPath(new URL('./workflow.js', import.meta.url)),
  activities: {
    wait: async (of: string) => {
      if (of !== 'input') await sleep(Number(milliseconds));
      return { of };
    },
  },
});
const run = worker.run();
process.stdout.write('ready\n');
await run;
await connection.close();
