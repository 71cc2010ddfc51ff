import { error } from '@sveltejs/kit';
import { sectionOf } from '$lib/features/settings/sections';
import { t } from '$lib/text';
import type { PageLoad } from './$types';

/** An address of no section is no page. */
export const load: PageLoad = ({ params }) => {
  if (!sectionOf(params.section)) error(404, t('error.noPage'));
};
