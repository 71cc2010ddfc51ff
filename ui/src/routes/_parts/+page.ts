import { dev } from '$app/environment';
import { error } from '@sveltejs/kit';

// For those who build the page: a release has no such address.
export const load = () => {
  if (!dev) error(404);
};
