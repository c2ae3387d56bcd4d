import type { ProcessEnvironment } from './process-environment.js';

export interface Diagnosis {
  ok: boolean;
  checks: { name: string; state: string; message: string; remedy?: string }[];
}

/** Runs `tenantry doctor` where the cloud is configured, with these settings besides, and gives what it says. */
export function doctorOf(env: Pick<ProcessEnvironment, 'tenantry' | 'cloud'>) {
  return async (changed: Record<string, string> = {}) => {
    const { code, stdout, stderr } = await env.tenantry(['doctor', '--json'], { ...env.cloud(), ...changed });
    const { ok, checks } = JSON.parse(stdout) as Diagnosis;
    const check = (name: string) => checks.find((one) => one.name === name);
    return { code, ok, checks, check, stderr };
  };
}
