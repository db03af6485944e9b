namespace Faas.Http.Access;

/// <summary>The key that a request was admitted by.</summary>
public static class KeyOfRequest
{
    /// <summary>Its name; null: the server asks for no keys.</summary>
    public static string? KeyName(this HttpContext context) => context.Features.Get<ApiKey>()?.Name;
}
