/** Summaries of user steps that are already done. */
export const userStepSummaries: Readonly<Record<string, string>> = {
  ensureUser: 'User',
  assignRole: 'Role of',
  sendActivationEmail: 'Activation mail for',
  setPassword: 'Password for',
};
