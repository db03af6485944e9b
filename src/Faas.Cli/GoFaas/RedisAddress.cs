namespace Faas.Cli.GoFaas;

/// <summary>
/// Where a Redis is, by <c>redis://[user[:password]@]host[:port][/database]</c>, and the same with <c>rediss</c> for TLS. Source: the IANA
/// provisional registrations of the schemes "redis" and "rediss".
/// </summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="User">The user of Redis's ACL; empty: the default one.</param>
/// <param name="Password">Empty: none.</param>
/// <param name="Database">Number of the database.</param>
/// <param name="Tls">Whether the connection is encrypted, and the server's certificate checked.</param>
internal sealed record RedisAddress(string Host, int Port, string User, string Password, int Database, bool Tls)
{
    private const int UsualPort = 6379;
    private const int LastDatabase = 16383;

    /// <summary>Reads one; null: the text is none.</summary>
    public static RedisAddress? Parse(string text)
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

        // A single word is a password, as it was before Redis had users.
        var login = url.UserInfo.Split(':', 2);
        return new RedisAddress(
            url.Host.Trim('[', ']'),
            url.Port < 1 ? UsualPort : url.Port,
            login.Length == 2 ? Uri.UnescapeDataString(login[0]) : "",
            Uri.UnescapeDataString(login[^1]),
            database,
            url.Scheme == "rediss");
    }
}
