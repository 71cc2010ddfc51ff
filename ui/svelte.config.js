import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** The page is static: the server embeds the build and answers every unknown address with `index.html`. */
export default {
  preprocess: vitePreprocess(),
  kit: {
    adapter: adapter({ pages: 'build', fallback: 'index.html', precompress: true }),
    alias: { $messages: './messages' },
  },
};
