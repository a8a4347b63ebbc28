import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import type { ReactNode } from 'react';
import { Outline } from '@/shell/outline';
import { Providers } from '@/shell/providers';
import { SessionGuard } from '@/shell/session-guard';
import './globals.css';

const inter = localFont({
  src: '../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  variable: '--font-inter',
  weight: '100 900',
});

export const metadata: Metadata = {
  title: { default: 'Binnacle', template: '%s - Binnacle' },
  description: 'The Kubernetes console that can prove what happened.',
};

export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  colorScheme: 'light dark',
  // So that the bars at the edges know what a notch or the bar of the system takes.
  viewportFit: 'cover',
};

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={inter.variable} suppressHydrationWarning>
      <head>
        <script src="/theme.js" />
      </head>
      <body>
        <Providers>
          <SessionGuard outline={<Outline />}>{children}</SessionGuard>
        </Providers>
      </body>
    </html>
  );
}
