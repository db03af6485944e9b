using Faas.Actors.Configuration;
using Faas.Actors.Linux;

namespace Faas.Actors.Secrets;

/// <summary><c>faas.secrets</c> of hocon/faas.conf, which documents each value.</summary>
/// <param name="Most">The most secrets.</param>
/// <param name="MostBytes">The most bytes of a secret's value, in UTF-8.</param>
/// <param name="KeyFile">The file with the keys that encrypt them.</param>
public sealed record SecretOptions(int Most, int MostBytes, string KeyFile)
{
    /// <summary>The most bytes that an operator may allow a value to have: a version's values must fit into one frame.</summary>
    public const int CeilingBytes = 64 << 10;

    private const string KeyFileSetting = "faas.secrets.key-file";
    private const string OwnFile = "secrets.key";

    /// <summary>Reads and checks the section; throws <see cref="SettingException"/>.</summary>
    public static SecretOptions From(Settings settings) => new(
        settings.Int("faas.secrets.max", 0, 10_000),
        (int)settings.Size("faas.secrets.max-size", 1, CeilingBytes),
        settings.Text(KeyFileSetting) is { Length: > 0 } file
            ? SandboxView.FolderOf(file) is { } seen
                ? throw new SettingException(KeyFileSetting, file, $"a file outside of {seen}, which sandboxes can read")
                : file
            : Path.Combine(settings.Name("faas.store.embedded.data-dir"), OwnFile));
}
