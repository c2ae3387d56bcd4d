import { z } from 'zod';
import { secretRef } from '../catalogue/input.js';
import { webhookAddressProblem } from '../contract/webhook-address.js';

const address = z.string().superRefine((text, context) => {
  const message = webhookAddressProblem(text);
  if (message !== undefined) context.addIssue({ code: 'custom', message });
});

export const chatApps = ['slack', 'teams', 'discord'] as const;

/** A place where notices can go. What may hold a token or a password is a reference to a secret. */
export const target = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('mail'),
      smtp: secretRef().describe('Of an address such as smtps://user:password@mail.example.com'),
      from: z.email().describe('The sender'),
      to: z.array(z.email()).min(1).max(20).describe('Who gets it'),
    }),
    z.strictObject({
      kind: z.literal('chat'),
      app: z.enum(chatApps).describe('slack also fits Mattermost, Rocket.Chat and Google Chat'),
      url: secretRef().describe('Of the address of the incoming webhook, which contains its token'),
    }),
    z.strictObject({
      kind: z.literal('webhook'),
      url: address.describe('Gets JSON, signed as Standard Webhooks'),
      secrets: z.array(secretRef()).min(1).max(5).describe('Sign what is sent; two while one is replaced'),
    }),
  ],
  'must be mail, chat or webhook',
);

export type Target = z.output<typeof target>;
