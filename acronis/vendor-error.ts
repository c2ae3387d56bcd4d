import { z } from 'zod';

const tidyWord = z.string().regex(/^[\w.-]{1,60}$/);
const code = z.union([z.number(), tidyWord]);
const word = tidyWord.optional().catch(undefined);
const text = z.string().optional().catch(undefined);
const anything = z.unknown().optional();

/** An HTTP status of an error: other services repeat theirs as `code`. */
const isErrorStatus = (value: unknown) => typeof value === 'number' && value >= 400 && value < 600;

/**
 * Other services say `error` too. It is the vendor's when it has one of the vendor's own fields, or a number that is
 * not an HTTP status and no `status`.
 */
const accountError = z.object({
  error: z
    .object({
      code,
      domain: word,
      message: text,
      details: z.object({ info: text }).optional().catch(undefined),
      context: anything,
      status: anything,
    })
    .refine(({ domain, details, code, status }) => {
      if (domain !== undefined || details !== undefined) return true;
      return /^\d+$/.test(String(code)) && !isErrorStatus(Number(code)) && status === undefined;
    }),
});
/** OAuth errors are the vendor's only where tokens are issued. */
const tokenError = z.object({ error: z.string().regex(/^[a-z_]{1,60}$/), error_description: text, domain: word });
const issuesError = z.object({ issues: z.array(z.object({ code: word })).min(1) });
const flatError = z.object({
  code: tidyWord,
  domain: tidyWord,
  message: text,
  reason: text,
  debug: z.object({ msg: text }).optional().catch(undefined),
});
const items = z.array(z.object({ name: word }));

/** An error as the vendor describes it. The reason is not redacted yet. */
export interface VendorError {
  code?: string | number | undefined;
  domain?: string | undefined;
  reason?: string | undefined;
}

/**
 * Reads every error body that the vendor's services are known to send: the nested one of account management, the flat
 * one of its token endpoint, the flat ones of the agent, task, alert, resource and policy managers, and a list of
 * issues. Undefined for anything else, such as a proxy's HTML or JSON, which is not the vendor's and is never quoted.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (error codes)
 */
export function readVendorError(body: string, route: string): VendorError | undefined {
  const json = parseOrUndefined(body);
  const account = accountError.safeParse(json);
  if (account.success) {
    const { code, domain, message, details, context } = account.data.error;
    const info = details?.info === message ? undefined : details?.info;
    return { code, domain, reason: [message, info, missingItems(context)].filter(Boolean).join('; ') };
  }
  const token = tokenError.safeParse(json);
  if (token.success && route.includes(' /idp/')) {
    const { error, error_description: description, domain } = token.data;
    return { code: error, domain, reason: description ?? error };
  }
  const issues = issuesError.safeParse(json);
  if (issues.success) {
    const codes = issues.data.issues.flatMap(({ code }) => code ?? []);
    return { code: codes[0], reason: codes.join(', ') };
  }
  const flat = flatError.safeParse(json);
  if (!flat.success) return undefined;
  const { code, domain, message, reason, debug } = flat.data;
  return { code, domain, reason: message ?? reason ?? debug?.msg };
}

/**
 * Names the offering items that are not available. The vendor does not document where in the context they are listed.
 */
function missingItems(context: unknown): string | undefined {
  const lists = [context, ...Object.values(context ?? {})].map((list) => items.safeParse(list).data ?? []);
  const names = new Set(lists.flat().flatMap(({ name }) => name ?? []));
  return names.size === 0 ? undefined : `not available: ${[...names].join(', ')}`;
}

function parseOrUndefined(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
