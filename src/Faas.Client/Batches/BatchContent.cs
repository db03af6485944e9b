using System.Text.Json;

namespace Faas.Client;

/// <summary>The body of a batch.</summary>
internal sealed record BatchContent(IReadOnlyList<JsonElement> Inputs, int? Priority, DateTimeOffset? NotBefore);
