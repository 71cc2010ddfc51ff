/** What people change about themselves. Each throws the refusal: it is shown beside what caused it. */
import type { QueryClient } from '@tanstack/svelte-query';
import { api, ask, type Person } from '$lib/api/client';
import { preferences, type Theme } from '$lib/preferences.svelte';
import { t } from '$lib/text';
import { patchSelf, refreshSelf } from './person';

export interface About {
  firstName: string;
  lastName: string;
  location: string;
  notes: string;
}

export async function saveAbout(client: QueryClient, id: string, about: About): Promise<void> {
  const { notes, ...body } = about;
  const params = { path: { userid: id } };
  const saved = await ask(api.PUT('/api/2.0/people/{userid}', { params, body: { ...body, comment: notes } }));
  // Replies leave out what is empty.
  await patchSelf(client, { ...saved, location: saved.location ?? '', notes: saved.notes ?? '' } as Person);
}

export async function savePhoto(client: QueryClient, id: string, photo: Blob): Promise<void> {
  const body = new FormData();
  body.append('File', photo, photo.type === 'image/png' ? 'photo.png' : 'photo.jpg');
  body.append('Autosave', 'true');
  const params = { path: { userid: id } };
  const saved = await ask(api.POST('/api/2.0/people/{userid}/photo', { params, body }));
  // A refusal comes with a status of 200.
  if (!saved.success) throw new Error(saved.message ?? t('error.unknown'));
  await refreshSelf(client);
}

export async function removePhoto(client: QueryClient, id: string): Promise<void> {
  await ask(api.DELETE('/api/2.0/people/{userid}/photo', { params: { path: { userid: id } } }));
  await refreshSelf(client);
}

/** Shows at once; a refusal takes it back. */
export async function saveLanguage(client: QueryClient, person: Person, cultureName: string): Promise<void> {
  const before = person.cultureName;
  await patchSelf(client, { cultureName });
  try {
    const params = { path: { userid: person.id } };
    await ask(api.PUT('/api/2.0/people/{userid}/culture', { params, body: { cultureName } }));
  } catch (error) {
    await patchSelf(client, { cultureName: before });
    throw error;
  }
}

const NAMES: Record<Theme, string> = { system: 'System', light: 'Base', dark: 'Dark' };

/** Shows at once; a refusal takes it back. */
export async function saveTheme(client: QueryClient, theme: Theme): Promise<void> {
  const before = preferences.theme;
  preferences.theme = theme;
  await patchSelf(client, { theme: NAMES[theme] });
  try {
    await ask(api.PUT('/api/2.0/people/theme', { body: { theme: NAMES[theme] } }));
  } catch (error) {
    preferences.theme = before;
    await patchSelf(client, { theme: NAMES[before] });
    throw error;
  }
}
