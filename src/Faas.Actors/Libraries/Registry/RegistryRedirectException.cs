namespace Faas.Actors.Libraries.Registry;

/// <summary>A registry says that a page of it is elsewhere. No page is taken from there: the operator has named this registry.</summary>
/// <param name="page">The page.</param>
/// <param name="target">Where it is said to be.</param>
public sealed class RegistryRedirectException(Uri page, Uri target) : Exception(
    $"The registry redirects {page.GetLeftPart(UriPartial.Path)} to {target.GetLeftPart(UriPartial.Path)}, and redirects of pages are not "
    + "followed: faas.libraries must name the address of the registry itself.");
