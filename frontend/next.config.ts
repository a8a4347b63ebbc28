import type { NextConfig } from 'next';

const config: NextConfig = {
  output: 'export',
  // A constant id keeps two builds of one tree byte-identical.
  generateBuildId: () => 'binnacle',
  images: { unoptimized: true },
  poweredByHeader: false,
  reactStrictMode: true,
  experimental: { cpus: 2 },
};

export default config;
