/** What links do that ask for no more than a press. */
import { api, ask } from '$lib/api/client';
import type { Key } from '$lib/text';
import type { Link, LinkType } from './link';

export interface Deed {
  title: Key;
  text: Key;
  button: Key;
  done: Key;
  doneText?: Key;
  /** Something is lost by it. */
  loss?: boolean;
  /** It harms nobody, so it is done without a press. */
  atOnce?: boolean;
  /** Only for somebody who is signed in. */
  inside?: boolean;
  /** Where the way goes on; nowhere, where there is nothing any more. */
  next?: string;
  act: (link: Link, email: string) => Promise<unknown>;
}

const by = ({ confirm }: Link) => ({ headers: { confirm } });

export const DEEDS: Partial<Record<LinkType, Deed>> = {
  EmailActivation: {
    title: 'confirm.activation',
    text: 'confirm.activation.text',
    button: 'confirm.activation.button',
    done: 'confirm.activation.done',
    atOnce: true,
    next: '/rooms',
    act: (link) => activate(link),
  },
  EmailChange: {
    title: 'confirm.email',
    text: 'confirm.email.text',
    button: 'confirm.email.button',
    done: 'confirm.email.done',
    doneText: 'confirm.email.doneText',
    next: '/rooms',
    act: (link, email) => {
      const body = link.sealedEmail ? { encEmail: link.sealedEmail } : { email };
      const params = { path: { userid: link.user ?? '' } };
      return ask(api.PUT('/api/2.0/people/{userid}/email', { params, body, ...by(link) }));
    },
  },
  ProfileRemove: {
    title: 'confirm.leave',
    text: 'confirm.leave.text',
    button: 'confirm.leave.button',
    done: 'confirm.leave.done',
    doneText: 'confirm.leave.doneText',
    loss: true,
    act: (link) => ask(api.DELETE('/api/2.0/people/@self', by(link))),
  },
  PortalOwnerChange: {
    title: 'confirm.owner',
    text: 'confirm.owner.text',
    button: 'confirm.owner.button',
    done: 'confirm.owner.done',
    loss: true,
    next: '/rooms',
    act: (link) =>
      ask(api.PUT('/api/2.0/settings/owner', { body: { ownerId: link.user ?? '' }, ...by(link) })),
  },
  PortalSuspend: {
    title: 'confirm.suspend',
    text: 'confirm.suspend.text',
    button: 'confirm.suspend.button',
    done: 'confirm.suspend.done',
    doneText: 'confirm.suspend.doneText',
    loss: true,
    act: (link) => ask(api.PUT('/api/2.0/portal/suspend', by(link))),
  },
  PortalContinue: {
    title: 'confirm.continue',
    text: 'confirm.continue.text',
    button: 'confirm.continue.button',
    done: 'confirm.continue.done',
    next: '/rooms',
    act: (link) => ask(api.PUT('/api/2.0/portal/continue', by(link))),
  },
  PortalRemove: {
    title: 'confirm.remove',
    text: 'confirm.remove.text',
    button: 'confirm.remove.button',
    done: 'confirm.remove.done',
    doneText: 'confirm.remove.doneText',
    loss: true,
    act: (link) => ask(api.DELETE('/api/2.0/portal/delete', by(link))),
  },
  GuestShareLink: {
    title: 'confirm.guest',
    text: 'confirm.guest.text',
    button: 'confirm.guest.button',
    done: 'confirm.guest.done',
    inside: true,
    next: '/people/guests',
    act: (link, email) =>
      ask(api.POST('/api/2.0/people/guests/share/approve', { body: { email }, ...by(link) })),
  },
};

/** The address is the owner's: it was reached by a letter. */
export function activate(link: Link): Promise<unknown> {
  const params = { path: { activationstatus: 'Activated' } };
  const body = { userIds: [link.user ?? ''] };
  return ask(api.PUT('/api/2.0/people/activationstatus/{activationstatus}', { params, body, ...by(link) }));
}
