import { setWorkflowOptions, workflowInfo } from '@temporalio/workflow';

/** Lets a workflow that lives for long go on under newer versions of the worker, instead of the one that started it. */
export function autoUpgrade(workflow: Parameters<typeof setWorkflowOptions>[1]): void {
  const isVersioned = () => Boolean(workflowInfo().currentDeploymentVersion?.deploymentName);
  setWorkflowOptions(() => (isVersioned() ? { versioningBehavior: 'AUTO_UPGRADE' } : {}), workflow);
}
