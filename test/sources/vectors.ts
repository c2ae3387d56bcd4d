import type { SourceKindName } from '../../sources/index.js';
import { recorded } from './deliveries.js';

/** One delivery with its signature, and the answer that it must get. */
export interface Vector {
  source: SourceKindName;
  name: string;
  secret?: string;
  signingKey?: string;
  user?: string;
  password?: string;
  token?: string;
  now?: number;
  method?: string;
  uri?: string;
  headers?: Record<string, string>;
  body?: { file: string } | { text: string };
  valid?: boolean | string;
  refuse?: string[];
  accept?: string[];
}

/** Every recorded signature, good and bad. */
export const { vectors } = JSON.parse(recorded('vectors.json').toString()) as { vectors: Vector[] };
