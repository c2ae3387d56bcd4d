import { readFileSync } from 'node:fs';
import type { VNode } from 'preact';
import { inputSchema } from '../../catalogue/index.js';
import type { CatalogueEntry } from '../../catalogue/entry.js';
import type { InputProblem } from '../../contract/errors.js';
import { Problem } from '../api/problem.js';
import { fieldsOf, type Field } from './fields.js';
import { Fields, Problems } from './form.js';
import { filled, readForm, readJson, type FormReading } from './form-values.js';

/** How an input is typed: field by field, or as one JSON. */
export type Manner = 'fields' | 'json';

/** The input whose text is the JSON of all. */
const WHOLE = 'input';

/** What a person has typed, or would find typed. */
export interface OrderSheet {
  manner: Manner;
  said: URLSearchParams;
  problems: readonly InputProblem[];
}

export function fieldsOfOperation(entry: CatalogueEntry): Field[] {
  return fieldsOf(inputSchema(entry));
}

/** The complete example of an operation. */
export function exampleOf({ name }: CatalogueEntry): unknown {
  return JSON.parse(readFileSync(new URL(`../../../examples/${name}.json`, import.meta.url), 'utf8')) as unknown;
}

/** A form that holds this input. */
export function sheetOf(entry: CatalogueEntry, input: unknown, manner: Manner): OrderSheet {
  const text = JSON.stringify(input, undefined, 2);
  const said = manner === 'json' ? new URLSearchParams({ [WHOLE]: text }) : filled(fieldsOfOperation(entry), input);
  return { manner, said, problems: [] };
}

/** The input that a form says. */
export function readOrderForm(entry: CatalogueEntry, said: URLSearchParams): FormReading & { manner: Manner } {
  const whole = said.get(WHOLE);
  if (whole === null) return { ...readForm(fieldsOfOperation(entry), said), manner: 'fields' };
  const { value, problem } = readJson(whole);
  const problems = problem === undefined ? [] : [{ path: WHOLE, message: problem }];
  return { input: value as FormReading['input'], problems, manner: 'json' };
}

/** Fails as 422 when the form itself cannot be read. */
export function checkReadable(problems: readonly InputProblem[]): void {
  if (problems.length > 0) throw new Problem(422, 'InvalidInput', 'The input cannot be read.', problems);
}

/** The inputs for an order, with its problems. */
export function OrderInputs({ entry, sheet }: { entry: CatalogueEntry; sheet: OrderSheet }): VNode {
  const { manner, said, problems } = sheet;
  const fields = manner === 'json' ? [wholeField] : fieldsOfOperation(entry);
  return (
    <>
      <Problems fields={fields} problems={problems} />
      {manner === 'fields' ? (
        <Fields fields={fields} said={said} problems={problems} />
      ) : (
        <Whole entry={entry} sheet={sheet} />
      )}
    </>
  );
}

const wholeField: Field = { kind: 'json', path: WHOLE, label: 'Input as JSON', isRequired: true };

function Whole({ entry, sheet: { said, problems } }: { entry: CatalogueEntry; sheet: OrderSheet }): VNode {
  return (
    <div class="beside">
      <div class="field json">
        <label for={`field-${WHOLE}`}>{wholeField.label}</label>
        <textarea
          id={`field-${WHOLE}`}
          name={WHOLE}
          rows={24}
          spellcheck={false}
          class="json"
          {...(problems.length > 0 && { 'aria-invalid': true, 'aria-describedby': 'problems' })}
        >
          {said.get(WHOLE) ?? ''}
        </textarea>
      </div>
      <div class="field">
        <h2>Its schema</h2>
        <pre tabIndex={0} aria-label="JSON Schema of the input">
          {JSON.stringify(inputSchema(entry), undefined, 2)}
        </pre>
      </div>
    </div>
  );
}
