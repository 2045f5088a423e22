/** What a subscription's document may not say although the language lets it pass. */
import { GraphQLError, type SelectionNode, type ValidationRule } from 'graphql';

/** In a frame every figure is of the frame's own revision: an area's totals of any other moment are not asked there. */
const framesAreOfOneRevision: ValidationRule = (context) => {
  const isSubscription = context
    .getDocument()
    .definitions.some((each) => each.kind === 'OperationDefinition' && each.operation === 'subscription');
  if (!isSubscription) return {};
  return {
    Field(node) {
      if (node.name.value !== 'totals' || context.getParentType()?.name !== 'Area') return;
      const message =
        'A subscription has the totals beside the area, not inside it: whole { area { code } totals { enrolled } }.';
      context.reportError(new GraphQLError(message, { nodes: node, extensions: { code: 'BAD_USER_INPUT' } }));
    },
  };
};

/** A subscription follows one thing. Left out, there is nothing to follow, which the language lets pass. */
const subscriptionsFollow: ValidationRule = (context) => {
  const refuse = (selection: SelectionNode) => {
    if ((selection.directives?.length ?? 0) === 0) return;
    const message =
      'What a subscription follows cannot be left out: put @skip and @include on what is in it.';
    context.reportError(
      new GraphQLError(message, { nodes: selection, extensions: { code: 'BAD_USER_INPUT' } }),
    );
  };
  const root = context.getSchema().getSubscriptionType();
  return {
    SelectionSet(node) {
      if (context.getParentType() === root) node.selections.forEach(refuse);
    },
  };
};

export const SUBSCRIPTION_RULES: readonly ValidationRule[] = [framesAreOfOneRevision, subscriptionsFollow];
