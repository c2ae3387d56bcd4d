/** Update to a customer, with an `EndQuestion`; the answer is an `EndAnswer`. */
export const AGREE_TO_END = 'agreeToEnd';

/** May the tenant be deleted now? Asked by an offboarding that the customer has started, after its grace. */
export interface EndQuestion {
  /** The workflow id of the offboarding. */
  run: string;
}

/** `waits`: why not now, as a sentence. */
export type EndAnswer = { agreed: true } | { waits: string };
