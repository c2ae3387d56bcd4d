import { runChaos, type ChaosOptions } from './chaos.js';
import { checkMatrix, type MatrixShare } from './matrix.js';
import { checkOnEngine, type Sample } from './on-engine/check-on-engine.js';

/** A job in its own process. The job is the only argument; results go to the parent process. */
export type Job =
  | ({ kind: 'matrix' } & MatrixShare)
  | ({ kind: 'chaos' } & ChaosOptions)
  | ({ kind: 'engine' } & Sample);

const part = JSON.parse(process.argv[2]!) as Job;
const tell = (told: object) => void process.send!(told);

if (part.kind === 'matrix') await checkMatrix(part, (row) => tell({ row }));
else if (part.kind === 'engine') tell({ tried: await checkOnEngine(part, (cell) => tell({ cell })) });
else tell({ report: await runChaos(part, () => tell({ run: 1 })) });
process.disconnect();
process.exit(0);
