"""assistant408: an offline tutor for 408, the computer-science paper of China's graduate entrance exam."""

__version__ = "0.1.0"
