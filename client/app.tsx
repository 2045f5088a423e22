/**
 * The routes: one lazy chunk per screen, state in the address, a written page for an address that is not known. The
 * language stays in the address from page to page.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  RouterProvider,
  retainSearchParams,
  useSearch,
} from '@tanstack/react-router';
import { LanguageProvider, languageOf } from './design/language.tsx';

interface Lasting {
  readonly lang?: string;
}

const rootRoute = createRootRoute({
  component: Root,
  validateSearch: (search: Record<string, unknown>): Lasting => search as Lasting,
  search: { middlewares: [retainSearchParams<Lasting>(['lang'])] },
  notFoundComponent: lazyRouteComponent(() => import('./screens/not-found/not-found.tsx')),
});

const start = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/start/start.tsx')),
});
const board = createRoute({
  getParentRoute: () => rootRoute,
  path: '/board',
  component: lazyRouteComponent(() => import('./screens/board/board.tsx')),
});

const signIn = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  component: lazyRouteComponent(() => import('./screens/sign-in/sign-in.tsx')),
});

/** Pages that ask who one is. */
const staff = createRoute({
  getParentRoute: () => rootRoute,
  id: 'staff',
  component: lazyRouteComponent(() => import('./screens/shell/shell.tsx')),
});
const leadership = createRoute({
  getParentRoute: () => staff,
  path: '/leadership',
  component: lazyRouteComponent(() => import('./screens/leadership/leadership.tsx')),
});
const districts = createRoute({
  getParentRoute: () => staff,
  path: '/districts',
  component: lazyRouteComponent(() => import('./screens/district/districts.tsx')),
});
const district = createRoute({
  getParentRoute: () => staff,
  path: '/districts/$code',
  component: lazyRouteComponent(() => import('./screens/district/district.tsx')),
});
const village = createRoute({
  getParentRoute: () => staff,
  path: '/villages/$code',
  component: lazyRouteComponent(() => import('./screens/district/village.tsx')),
});
const kepling = createRoute({
  getParentRoute: () => staff,
  path: '/kepling',
  component: lazyRouteComponent(() => import('./screens/district/kepling.tsx')),
});

const router = createRouter({
  routeTree: rootRoute.addChildren([
    start,
    board,
    signIn,
    staff.addChildren([leadership, districts, district, village, kepling]),
  ]),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

export function App() {
  return <RouterProvider router={router} />;
}

function Root() {
  const { lang } = useSearch({ strict: false }) as { lang?: unknown };
  return (
    <LanguageProvider language={languageOf(lang)}>
      <Outlet />
    </LanguageProvider>
  );
}
