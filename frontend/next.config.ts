import type { NextConfig } from 'next';
import { PHASE_DEVELOPMENT_SERVER } from 'next/constants';

const PAGES = ['tsx', 'ts'];

/** A page that ends in `.dev.tsx` exists in the development server only. */
const config = (phase: string): NextConfig => ({
  output: 'export',
  pageExtensions: phase === PHASE_DEVELOPMENT_SERVER ? ['dev.tsx', ...PAGES] : PAGES,
  // A constant id keeps two builds of one tree byte-identical.
  generateBuildId: () => 'binnacle',
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  experimental: { cpus: 2 },
});

export default config;
