/** Thrown at a blocked step when a person amends the input: no failure, but the sign to tell the story anew with what is in it. */
export class Amended extends Error {
  override readonly name = 'Amended';

  constructor(readonly order: object) {
    super('the input was amended');
  }
}
