import { defaultPayloadConverter, rawValueTypeInfo, type RawValue, type TypeInfo } from '@temporalio/common';
import { defineSignal, log, setHandler } from '@temporalio/workflow';

interface SignalOptions {
  /** For Temporal's UI. */
  description?: string;
  /** Called with the name of a signal that was dropped. */
  onDropped?: ((signal: string) => void) | undefined;
}

/** Every argument arrives as it is, because Temporal would stall the run for one that it cannot convert. */
const unconverted = new Proxy<TypeInfo[]>([], { get: () => rawValueTypeInfo });

/**
 * Handles a signal with one argument. A signal whose content is damaged, so that nobody can read it, is dropped: anybody
 * can send one, and it must not stall the run.
 */
export function onSignal(name: string, handle: (content: never) => void, options: SignalOptions = {}): void {
  const { description, onDropped } = options;
  const signal = defineSignal<[RawValue?]>(name, { typeInfo: { inputTypes: unconverted } });
  const receive = (raw?: RawValue) => {
    let content: unknown;
    try {
      content = raw === undefined ? undefined : defaultPayloadConverter.fromPayload(raw.payload);
    } catch {
      log.warn('a signal was dropped, because its content is damaged', { signal: name });
      onDropped?.(name);
      return;
    }
    handle(content as never);
  };
  setHandler(signal, receive, { ...(description !== undefined && { description }) });
}
