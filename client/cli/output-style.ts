/** How a command prints, as its options say. */
export interface OutputStyle {
  /** Tables in full, however wide the terminal is. */
  wide?: boolean;
  color?: boolean;
}

let current: OutputStyle = {};

/** From now on everything is printed like this. */
export function useStyle(style: OutputStyle): void {
  current = style;
}

/** False when nothing may be coloured; the environment and the stream have their say beside it. */
export function mayColour(): boolean {
  return current.color !== false;
}

/** How many columns a table may have: as many as the terminal; without one, or with `--wide`, as many as it needs. */
export function tableWidth(stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns'> = process.stdout): number {
  return current.wide || !stream.isTTY || !(stream.columns > 0) ? Number.POSITIVE_INFINITY : stream.columns;
}
