import { chaos, type ChaosOptions } from './chaos.js';
import { tryMatrix, type Share } from './matrix.js';
import { tryOnEngine, type Sample } from './on-engine/try-on-engine.js';

/** One part of a bigger job, as a process; what is to be done is its only argument, what comes of it goes to its parent. */
export type Part = ({ kind: 'matrix' } & Share) | ({ kind: 'chaos' } & ChaosOptions) | ({ kind: 'engine' } & Sample);

const part = JSON.parse(process.argv[2]!) as Part;
const tell = (told: object) => void process.send!(told);

if (part.kind === 'matrix') await tryMatrix(part, (row) => tell({ row }));
else if (part.kind === 'engine') tell({ tried: await tryOnEngine(part, (cell) => tell({ cell })) });
else tell({ report: await chaos(part, () => tell({ run: 1 })) });
process.disconnect();
process.exit(0);
