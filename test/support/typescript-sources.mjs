/** For a child process of a test that runs sources as they are: `.js` in an import means the `.ts`. */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const source =
      specifier.startsWith('.') && context.parentURL?.endsWith('.ts')
        ? specifier.replace(/\.js$/, '.ts')
        : specifier;
    return next(source, context);
  },
});
