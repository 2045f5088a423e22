/** The routes: one lazy chunk per screen, state in the address, a written page for an address that is not known. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  RouterProvider,
  useSearch,
} from '@tanstack/react-router';
import { LanguageProvider, languageOf } from './design/language.tsx';

const rootRoute = createRootRoute({
  component: Root,
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

const router = createRouter({ routeTree: rootRoute.addChildren([start, board]) });

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
