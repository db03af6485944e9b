namespace Faas.Actors.Storage.Redis;

/// <summary>
/// Reads <c>redis://[user[:password]@]host[:port][/database]</c>, and the same with <c>rediss</c> for TLS. Source: the IANA provisional
/// registrations of the schemes "redis" and "rediss".
/// </summary>
public static class RedisUrl
{
    private const int DefaultPort = 6379;
    private const int LastDatabase = 16383;

    /// <summary>The endpoint; null: the text is no such URL.</summary>
    public static RedisEndpoint? Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url)
            || url.Scheme is not ("redis" or "rediss")
            || url.Host.Length == 0
            || url.Query.Length + url.Fragment.Length > 0)
        {
            return null;
        }

        var path = url.AbsolutePath.Trim('/');
        var database = 0;
        if (path.Length > 0 && !(int.TryParse(path, out database) && database is >= 0 and <= LastDatabase))
        {
            return null;
        }

        var login = url.UserInfo.Split(':', 2);
        return new RedisEndpoint(url.Host, url.IsDefaultPort || url.Port < 1 ? DefaultPort : url.Port, PasswordOf(login), database)
        {
            User = login.Length == 2 ? Uri.UnescapeDataString(login[0]) : "",
            Tls = url.Scheme == "rediss",
        };
    }

    // A single word is a password, as it was before Redis had users.
    private static string PasswordOf(string[] login) => Uri.UnescapeDataString(login[^1]);
}
