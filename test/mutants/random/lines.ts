import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapping, type SourceMapPayload } from 'node:module';
import { dirname, relative, resolve } from 'node:path';

/** Finds lines of the sources by places in compiled text. */
export class SourceLines {
  private readonly map: SourceMap;
  private readonly starts: number[];

  constructor(
    private readonly root: string,
    private readonly path: string,
    readonly text: string,
  ) {
    this.map = new SourceMap(readMap(path, text));
    this.starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
  }

  /** The line of the source, such as `activities/tenants.ts:42`, that became the text at this offset. */
  at(offset: number): string | undefined {
    const line = this.starts.findLastIndex((start) => start <= offset);
    return this.find(line, offset - this.starts[line]!);
  }

  /** The line of the source from which the compiled line at this offset begins: the compiler joins broken lines. */
  begunAt(offset: number): string | undefined {
    const line = this.starts.findLastIndex((start) => start <= offset);
    return this.find(line, this.indentation(line));
  }

  /** The lines of the sources from which compiled lines begin, that the program has run. */
  reached(ranges: readonly Range[]): Set<string> {
    const ran = new Uint8Array(this.text.length);
    // the outer ranges come first, so the innermost has the last word
    for (const { startOffset, endOffset, count } of ranges.toSorted(outerFirst))
      ran.fill(count > 0 ? 1 : 0, startOffset, endOffset);
    const found = new Set<string>();
    for (const [line, start] of this.starts.entries()) {
      const indentation = this.indentation(line);
      const source = ran[start + indentation] === 1 ? this.find(line, indentation) : undefined;
      if (source !== undefined) found.add(source);
    }
    return found;
  }

  private indentation(line: number): number {
    return /^\s*/.exec(this.text.slice(this.starts[line], this.starts[line + 1]))![0].length;
  }

  private find(line: number, column: number): string | undefined {
    // a place that no source has made has an entry without a source
    const { originalSource, originalLine } = this.map.findEntry(line, column) as Partial<SourceMapping>;
    if (originalSource === undefined || originalLine === undefined) return undefined;
    return `${relative(this.root, resolve(dirname(this.path), originalSource))}:${originalLine + 1}`;
  }
}

/** A range of a program's text, and how often it ran, as V8 counts it. */
export interface Range {
  startOffset: number;
  endOffset: number;
  count: number;
}

function outerFirst(one: Range, other: Range): number {
  return one.startOffset - other.startOffset || other.endOffset - one.endOffset;
}

const INLINE = 'sourceMappingURL=data:application/json;charset=utf-8;base64,';

/** The source map of a compiled file: in its last line, or in the file next to it. */
function readMap(path: string, text: string): SourceMapPayload {
  const at = text.lastIndexOf(INLINE);
  const json = at === -1 ? readFileSync(`${path}.map`, 'utf8') : Buffer.from(text.slice(at + INLINE.length), 'base64');
  return JSON.parse(String(json)) as SourceMapPayload;
}
