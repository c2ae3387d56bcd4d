import { z } from 'zod';

const tidyWord = z.string().regex(/^[\w.-]{1,60}$/);
const code = z.union([z.number(), tidyWord]);
const word = tidyWord.optional().catch(undefined);
const text = z.string().optional().catch(undefined);
const anything = z.unknown().optional();

/** The HTTP statuses that refuse: others repeat theirs as `code`. */
const isStatus = (said: unknown) => typeof said === 'number' && said >= 400 && said < 600;

/** Others say `error` as well: it is the vendor's with one of its own fields, or with a number that is no status and without the `status` of others. */
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
      return /^\d+$/.test(String(code)) && !isStatus(Number(code)) && status === undefined;
    }),
});
/** The words of OAuth, which are the vendor's nowhere but where tokens are issued. */
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

/** What the vendor says in the body of a refusal. The reason is not redacted yet. */
export interface VendorWords {
  code?: string | number | undefined;
  domain?: string | undefined;
  reason?: string | undefined;
}

/**
 * Reads every error body that the vendor's services are known to send: the nested one of account management, the flat one of its
 * token endpoint, the flat ones of the agent, task, alert, resource and policy managers, and a list of issues. Anything else, such as a
 * proxy's HTML or JSON, is not the vendor's word: undefined then, and nothing of it is quoted.
 * @see https://developer.acronis.com/doc/account-management/v2/guide/ (error codes)
 */
export function vendorWords(body: string, route: string): VendorWords | undefined {
  const json = parsed(body);
  const account = accountError.safeParse(json);
  if (account.success) {
    const { code, domain, message, details, context } = account.data.error;
    const info = details?.info === message ? undefined : details?.info;
    return { code, domain, reason: [message, info, missing(context)].filter(Boolean).join('; ') };
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

/** The offering items that are not available; where in the context they are listed is not documented. */
function missing(context: unknown): string | undefined {
  const lists = [context, ...Object.values(context ?? {})].map((list) => items.safeParse(list).data ?? []);
  const names = new Set(lists.flat().flatMap(({ name }) => name ?? []));
  return names.size === 0 ? undefined : `not available: ${[...names].join(', ')}`;
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
