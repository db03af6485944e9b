using System.Net;
using Faas.Actors.Configuration;

namespace Faas.Http.Access;

/// <summary>Which callers the server serves, and how often.</summary>
/// <param name="Keys">Empty: callers need none.</param>
/// <param name="AllowAnonymous">True: the operator has written that every client that reaches the server may call.</param>
/// <param name="RateLimit">For each caller.</param>
/// <param name="Origins">The web sites whose pages may call.</param>
public sealed record AccessOptions(KeyRing Keys, bool AllowAnonymous, RateLimit RateLimit, AllowedOrigins Origins)
{
    private const string KeysSetting = "faas.http.api-keys";
    private const string AnonymousSetting = "faas.http.allow-anonymous";

    /// <summary>Only the loopback address protects the server, so it must also refuse web pages in browsers of this machine.</summary>
    public bool IsForThisMachineOnly => Keys.IsEmpty && !AllowAnonymous;

    /// <summary>
    /// Whether a page of this origin may call from a browser. A server for this machine only also serves the pages of this machine.
    /// </summary>
    public bool AllowsPageOf(string origin) => Origins.Allow(origin) || (IsForThisMachineOnly && ThisMachineOnly.IsThisMachine(origin));

    /// <summary>Reads and checks the settings; throws <see cref="SettingException"/>.</summary>
    /// <param name="settings">The whole configuration.</param>
    /// <param name="address">Where the server will listen.</param>
    public static AccessOptions From(Settings settings, IPAddress address)
    {
        var keys = KeyRing.Parse(KeysSetting, settings.List(KeysSetting));
        var allowAnonymous = settings.OneOf(AnonymousSetting, "true", "false") == "true";
        if (allowAnonymous && !keys.IsEmpty)
        {
            throw new SettingException(AnonymousSetting, "true", $"false while {KeysSetting} has keys");
        }

        var access = new AccessOptions(keys, allowAnonymous, RateLimit.From(settings), AllowedOrigins.From(settings));
        if (access.IsForThisMachineOnly && access.Origins.Any)
        {
            throw new SettingException("faas.http.cors-origins", "*", $"a list of sites as long as there is no key; set {KeysSetting}");
        }

        return access.IsForThisMachineOnly && !IPAddress.IsLoopback(address)
            ? throw new SettingException("faas.http.host", settings.Text("faas.http.host"),
                "a loopback address (127.0.0.1, ::1, localhost) as long as there is no key; "
                + $"set {KeysSetting} (FAAS_API_KEYS), or {AnonymousSetting} = true to serve whoever reaches it")
            : access;
    }
}
