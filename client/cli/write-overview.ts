import { writeOverview } from './overview-of-commands.js';
import { program } from './program.js';

writeOverview(await program(() => undefined));
