using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Faas.Cli.GoFaas;

/// <summary>
/// Reads what go-faas has stored in Redis, and changes nothing. Its keys, where HASH is the MD5 of the path in hex: the hash
/// <c>meta:HASH</c> has the path, the language and the latest version; the set <c>meta:HASH:version</c> has the versions; the string
/// <c>code:HASH:VERSION</c> has a version's code, and in the first release <c>HASH:LANGUAGE:VERSION</c>. A version is the Unix second of
/// its upload. go-faas notes the language of the path alone: it is that of the last upload, and go-faas runs every version by it.
/// </summary>
internal sealed partial class GoFaasStore(RedisConnection redis)
{
    private const string MetaPattern = "meta:*";

    /// <summary>The scripts, by path, and what cannot be read.</summary>
    public async Task<(IReadOnlyList<GoFaasScript> Scripts, IReadOnlyList<GoFaasUnread> Unread)> ReadAsync(CancellationToken cancellation)
    {
        var (scripts, unread) = (new List<GoFaasScript>(), new List<GoFaasUnread>());
        foreach (var key in (await KeysAsync(cancellation)).Where(key => MetaKey().IsMatch(key)))
        {
            try
            {
                var script = await ReadAsync(key, cancellation);
                if (WhyNot(script) is { } why)
                {
                    unread.Add(new GoFaasUnread(script.Path.Length > 0 ? script.Path : key, why));
                }
                else
                {
                    scripts.Add(script);
                }
            }
            catch (RedisException refused)
            {
                unread.Add(new GoFaasUnread(key, refused.Message)); // it has another type than go-faas gives it
            }
        }

        return (
            [.. scripts.OrderBy(script => script.Path, StringComparer.Ordinal)],
            [.. unread.OrderBy(one => one.Path, StringComparer.Ordinal)]);
    }

    /// <summary>The code of a version; null: Redis does not have it.</summary>
    public async Task<string?> CodeAsync(GoFaasScript script, long version, CancellationToken cancellation) =>
        await redis.AskAsync(cancellation, "GET", $"code:{script.Hash}:{version}") as string
        ?? await redis.AskAsync(cancellation, "GET", $"{script.Hash}:{script.Language}:{version}") as string;

    private async Task<IReadOnlySet<string>> KeysAsync(CancellationToken cancellation)
    {
        var (keys, cursor) = (new HashSet<string>(StringComparer.Ordinal), "0");
        do
        {
            var page = (List<object?>)(await redis.AskAsync(cancellation, "SCAN", cursor, "MATCH", MetaPattern, "COUNT", "1000"))!;
            keys.UnionWith(((List<object?>)page[1]!).OfType<string>());
            cursor = (string)page[0]!;
        }
        while (cursor != "0");
        return keys;
    }

    private async Task<GoFaasScript> ReadAsync(string key, CancellationToken cancellation)
    {
        var fields = ((List<object?>)(await redis.AskAsync(cancellation, "HGETALL", key))!).OfType<string>();
        var meta = fields.Chunk(2).ToDictionary(field => field[0], field => field[1]);
        var noted = ((List<object?>)(await redis.AskAsync(cancellation, "SMEMBERS", $"{key}:version"))!).OfType<string>();
        var versions = noted.Append(meta.GetValueOrDefault("latest") ?? "")
            .Select(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .Where(number => number > 0).Distinct().Order();
        return new GoFaasScript(
            key["meta:".Length..], meta.GetValueOrDefault("path") ?? "", meta.GetValueOrDefault("language") ?? "", [.. versions]);
    }

    private static string? WhyNot(GoFaasScript script) =>
        script.Path.Length == 0 ? "It has no path."
        : Convert.ToHexStringLower(Md5Of(script.Path)) != script.Hash ? $"Its key is meta:{script.Hash}, which is not that of the path."
        : script.Versions.Count == 0 ? "It has no version."
        : null;

    // This is how go-faas names its keys, and protects nothing.
#pragma warning disable CA5351
    private static byte[] Md5Of(string path) => MD5.HashData(Encoding.UTF8.GetBytes(path));
#pragma warning restore CA5351

    [GeneratedRegex(@"\Ameta:[0-9a-f]{32}\z")]
    private static partial Regex MetaKey();
}

/// <summary>A script of go-faas.</summary>
/// <param name="Hash">MD5 of the path in hex.</param>
/// <param name="Path">Its path.</param>
/// <param name="Language">What all versions are written in, as go-faas names it.</param>
/// <param name="Versions">The numbers of its versions, rising; at least one.</param>
internal sealed record GoFaasScript(string Hash, string Path, string Language, IReadOnlyList<long> Versions);

/// <summary>Something of go-faas that cannot be taken over.</summary>
/// <param name="Path">The path, or the key where that is not known.</param>
/// <param name="Why">One sentence.</param>
internal sealed record GoFaasUnread(string Path, string Why);
