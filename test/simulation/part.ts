import { chaos, type ChaosOptions } from './chaos.js';
import { tryMatrix, type Share } from './matrix.js';

/** One part of a bigger job, as a process; what is to be done is its only argument, what comes of it goes to its parent. */
type Part = ({ kind: 'matrix' } & Share) | ({ kind: 'chaos' } & ChaosOptions);

const part = JSON.parse(process.argv[2]!) as Part;
const tell = (told: object) => void process.send!(told);

if (part.kind === 'matrix') await tryMatrix(part, (row) => tell({ row }));
else tell({ report: await chaos(part, () => tell({ run: 1 })) });
process.disconnect();
process.exit(0);
