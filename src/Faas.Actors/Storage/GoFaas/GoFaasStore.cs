using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Faas.Actors.Scripts;
using Faas.Actors.Storage.Redis;
using StackExchange.Redis;

namespace Faas.Actors.Storage.GoFaas;

/// <summary>
/// Reads what go-faas has stored in Redis, and changes nothing. Its keys, where HASH is the MD5 of the path in hex: the hash
/// <c>meta:HASH</c> has the path, the language and the latest version; the set <c>meta:HASH:version</c> has the versions; the string
/// <c>code:HASH:VERSION</c> has a version's code, and in the first release <c>HASH:LANGUAGE:VERSION</c>. A version is the Unix second of
/// its upload. go-faas notes the language of the path alone: it is that of the last upload, and go-faas runs every version by it.
/// </summary>
public sealed partial class GoFaasStore(RedisConnection connection)
{
    private const string MetaPattern = "meta:*";

    /// <summary>The scripts, by path, and what cannot be read. Throws <see cref="StoreException"/> when Redis does not answer.</summary>
    public async Task<GoFaasScripts> ReadAsync(CancellationToken cancellation)
    {
        var (scripts, unread) = (new List<GoFaasScript>(), new List<GoFaasUnread>());
        foreach (var key in (await connection.KeysAsync(MetaPattern, cancellation)).Where(key => MetaKey().IsMatch(key)))
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
            catch (StoreException failed) when (failed.InnerException is RedisServerException)
            {
                unread.Add(new GoFaasUnread(key, failed.Message)); // it has another type than go-faas gives it
            }
        }

        return new GoFaasScripts(
            [.. scripts.OrderBy(script => script.Path, StringComparer.Ordinal)],
            [.. unread.OrderBy(one => one.Path, StringComparer.Ordinal)]);
    }

    /// <summary>The code of a version; null: Redis does not have it. Throws <see cref="StoreException"/>.</summary>
    public async Task<string?> CodeAsync(GoFaasScript script, long version, CancellationToken cancellation) =>
        await TextAsync($"code:{script.Hash}:{version}", cancellation)
        ?? await TextAsync($"{script.Hash}:{script.Language}:{version}", cancellation);

    private async Task<string?> TextAsync(string key, CancellationToken cancellation) =>
        await connection.CallAsync(database => database.StringGetAsync(key), cancellation);

    private async Task<GoFaasScript> ReadAsync(string key, CancellationToken cancellation)
    {
        var meta = (await connection.CallAsync(database => database.HashGetAllAsync(key), cancellation))
            .ToDictionary(field => field.Name.ToString(), field => field.Value.ToString());
        var noted = await connection.CallAsync(database => database.SetMembersAsync($"{key}:version"), cancellation);
        var versions = noted.Select(member => member.ToString()).Append(meta.GetValueOrDefault("latest") ?? "")
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

/// <summary>What a Redis of go-faas holds.</summary>
/// <param name="Scripts">The scripts, by path.</param>
/// <param name="Unread">What is there and is no script.</param>
public sealed record GoFaasScripts(IReadOnlyList<GoFaasScript> Scripts, IReadOnlyList<GoFaasUnread> Unread);

/// <summary>A script of go-faas.</summary>
/// <param name="Hash">MD5 of the path in hex.</param>
/// <param name="Path">Its path.</param>
/// <param name="Language">What all versions are written in, as go-faas names it.</param>
/// <param name="Versions">The numbers of its versions, rising; at least one.</param>
public sealed record GoFaasScript(string Hash, string Path, string Language, IReadOnlyList<long> Versions);

/// <summary>Something of go-faas that cannot be taken over.</summary>
/// <param name="Path">The path, or the key where that is not known.</param>
/// <param name="Why">One sentence.</param>
public sealed record GoFaasUnread(string Path, string Why);
