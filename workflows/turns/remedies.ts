/** Operations that may cure what blocks another run at the same tenant. Such a run may pass the blocked one when it is next in turn. */
export const remedies: readonly string[] = ['allowAdministratorAccess', 'enableTenant', 'unlockTenant'];
