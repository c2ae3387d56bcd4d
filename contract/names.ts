/** The form in which two names are compared: the blanks around a name, and how Unicode spells a letter, do not count. */
export function nameKey(name: string): string {
  return name.trim().normalize('NFC');
}
