using System.Collections.Frozen;

namespace Faas.Http.Api.Page;

/// <summary>A file of the page, as it is and compressed.</summary>
/// <param name="ContentType">Its media type.</param>
/// <param name="Codings">
/// For each content coding (RFC 9110, 8.4.1) that the file exists in, <c>identity</c> among them, what opens its bytes, and their tag.
/// </param>
public sealed record PageFile(string ContentType, FrozenDictionary<string, PageContent> Codings);

/// <summary>The bytes of a file in one coding.</summary>
/// <param name="Open">Opens them.</param>
/// <param name="Tag">Their entity tag, in quotation marks.</param>
public sealed record PageContent(Func<Stream> Open, string Tag);
