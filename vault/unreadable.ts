/** Something is encrypted and its key is not there, or another one than then. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
