namespace Faas.Sandbox.Tests.Settings;

/// <summary>Says that a test shows what a key of hocon/faas.conf does.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class ProvesAttribute(string key) : Attribute
{
    /// <summary>The key, without the leading <c>faas.</c>.</summary>
    public string Key { get; } = key;
}
