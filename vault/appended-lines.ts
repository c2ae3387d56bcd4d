import { appendFile, open } from 'node:fs/promises';

const NEW_LINE = '\n';

/** A file to which lines of JSON are appended. Each line opens it again, so it may be moved away at any time. */
export class AppendedLines {
  private last: Promise<void> = Promise.resolve();

  private constructor(
    private readonly path: string,
    /** A killed process, or a full disk, may have left half a line. */
    private isTorn: boolean,
  ) {}

  /** Makes the file where there is none. Rejects when it cannot be written now. */
  static async open(path: string): Promise<AppendedLines> {
    return new AppendedLines(path, await endsWithinLine(path));
  }

  /** Resolves when the line is on the disk. Rejects when it cannot be written. */
  async write(line: object): Promise<void> {
    const written = this.last.then(async () => await this.append(line));
    this.last = written.catch(() => undefined);
    await written;
  }

  private async append(line: object): Promise<void> {
    const text = `${this.isTorn ? NEW_LINE : ''}${JSON.stringify(line)}${NEW_LINE}`;
    this.isTorn = true;
    await appendFile(this.path, text, { mode: 0o600, flush: true });
    this.isTorn = false;
  }
}

async function endsWithinLine(path: string): Promise<boolean> {
  const file = await open(path, 'a+', 0o600);
  try {
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    return bytesRead > 0 && buffer.toString() !== NEW_LINE;
  } finally {
    await file.close();
  }
}
