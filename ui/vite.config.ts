import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';
import { texts } from './scripts/texts.js';

export default defineConfig({
  plugins: [texts(), sveltekit()],
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/health': 'http://127.0.0.1:8080' } },
});
