/** A room in a form, and what the server has to say about its fields. */
import { ApiError, type Room, sentence } from '$lib/api/client';
import { t } from '$lib/text';
import { anyColour, COLOURS } from './colours';

export const LONGEST_TITLE = 170;
export const LONGEST_DESCRIPTION = 4000;
const LONGEST_TAG = 255;

export interface Draft {
  title: string;
  description: string;
  type: number;
  tags: string[];
  colour: string;
}

export type DraftErrors = Partial<Record<keyof Draft | 'form', string>>;

export function emptyDraft(): Draft {
  return { title: '', description: '', type: 2, tags: [], colour: anyColour() };
}

export function draftOf(room: Room): Draft {
  const { title, description, roomType, tags, logo } = room;
  return {
    title,
    description: description ?? '',
    type: roomType ?? 0,
    tags: [...(tags ?? [])],
    colour: COLOURS.find(({ hex }) => hex === logo?.color.toLowerCase())?.hex ?? '',
  };
}

/** What can be said before the server is asked. */
export function checkTitle(title: string): string | undefined {
  return title.trim() === '' ? t('rooms.form.title.needed') : undefined;
}

/** Adds what was typed, which may be several tags; each once. */
export function withTags(tags: string[], typed: string): string[] {
  const added = typed.split(',').map((tag) => tag.trim().slice(0, LONGEST_TAG));
  return [...new Set([...tags, ...added.filter((tag) => tag !== '')])];
}

const FIELDS: Record<string, keyof Draft> = {
  title: 'title',
  description: 'description',
  roomtype: 'type',
  tags: 'tags',
  names: 'tags',
  color: 'colour',
  colour: 'colour',
};

/** The refusal's sentences beside the fields they are about; what is about none goes to the form. */
export function draftErrors(error: unknown): DraftErrors {
  const errors: DraftErrors = {};
  if (error instanceof ApiError) {
    for (const [path, sentences] of Object.entries(error.fields)) {
      const field = fieldOf(path);
      if (field && sentences[0]) errors[field] = sentences[0];
    }
    const named = fieldOf(/\(Parameter '(\w+)'\)/.exec(error.message)?.[1] ?? '');
    if (named) errors[named] ??= error.message;
  }
  return Object.keys(errors).length > 0 ? errors : { form: sentence(error) };
}

/** `UpdateRoom.Title`, `$.tags[0]` and `title` all name a field. */
function fieldOf(path: string): keyof Draft | undefined {
  const last =
    path
      .replace(/\[\d+\]/g, '')
      .split('.')
      .at(-1) ?? '';
  return FIELDS[last.toLowerCase()];
}
